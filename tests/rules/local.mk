# tests/rules
