// Of the text under "signup.consent" in the catalogues; as in chalicelib/participants/consents.py.
export const CONSENT_VERSION = "2026-11";
