"""The record under attack: each test forges what a rule of ours once let through."""
