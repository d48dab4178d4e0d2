"""Who may: tokens, roles, tenancy."""
