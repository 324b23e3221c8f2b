// Passkeys need this script; for each there is another way (a code, the password).
"use strict";

(() => {
  const problem = document.getElementById("passkey-problem");

  function say(words) {
    if (!problem) return;
    problem.querySelector("span").textContent = words;
    problem.hidden = false;
  }

  const byNumber = /^[\d.]+$|^\[/.test(window.location.hostname);
  const buttons = document.querySelectorAll("[data-passkey]");
  if (window.PublicKeyCredential && !byNumber) {
    buttons.forEach((button) => { button.hidden = false; });
  } else if (problem?.dataset.always !== undefined) {
    say(byNumber
      ? "Passkeys belong to a name. This page was opened under a number; open it by its name (on this machine: localhost)."
      : "This browser has no passkeys. Use an authenticator app instead.");
  }

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const name = event.detail?.exception?.name;
    say({
      NotAllowedError: "The device did not answer, or you called it off. Try again, or take another way.",
      InvalidStateError: "This device is enrolled already.",
      SecurityError: "The browser refuses passkeys under this address.",
    }[name] ?? "The device could not be used. Try again, or take another way.");
  });
})();
