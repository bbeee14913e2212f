"""Accounts, signing in, sessions, API tokens, single sign-on."""
