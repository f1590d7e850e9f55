# tests/desk
