# src/roles
