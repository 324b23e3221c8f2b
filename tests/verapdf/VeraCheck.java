import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates files: VeraCheck 3a,ua1 FILE... Prints a line per file and flavour and one per broken rule. */
public class VeraCheck {
    private static final int FAILURES_SHOWN = 100;

    public static void main(String[] arguments) {
        VeraGreenfieldFoundryProvider.initialise();
        boolean conform = true;
        for (int i = 1; i < arguments.length; i++) {
            for (String flavour : arguments[0].split(",")) {
                conform &= check(arguments[i], PDFAFlavour.byFlavourId(flavour));
            }
        }
        System.exit(conform ? 0 : 1);
    }

    private static boolean check(String file, PDFAFlavour flavour) {
        try (InputStream in = new BufferedInputStream(new FileInputStream(file));
                PDFAParser parser = Foundries.defaultInstance().createParser(in, flavour)) {
            ValidationResult result = Foundries.defaultInstance()
                    .createValidator(flavour, FAILURES_SHOWN, false, false, false)
                    .validate(parser);
            String verdict = result.isCompliant() ? "PASS" : "FAIL";
            System.out.printf("%s\t%s\t%s\tchecks=%d%n", file, flavour.getId(), verdict, result.getTotalAssertions());
            broken(result).forEach((rule, message) -> System.out.printf("  %s: %s%n", rule, message));
            return result.isCompliant();
        } catch (Exception | Error e) {
            System.out.printf("%s\t%s\tERROR\t%s%n", file, flavour.getId(), e);
            return false;
        }
    }

    private static Map<String, String> broken(ValidationResult result) {
        Map<String, String> rules = new TreeMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                String place = assertion.getLocation().getContext();
                rules.putIfAbsent(rule, assertion.getMessage() + " @ " + place);
            }
        }
        return rules;
    }
}
