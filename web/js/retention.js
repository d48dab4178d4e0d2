// Written by chalicelib/privacy/retention.py: what the privacy page says of time.

export default {
  "sign_up_hours": 24,
  "messages_days": 30,
  "descriptions_days": 30,
  "tips_days": 90,
  "backups_days": 35,
  "unanswered": 2
};
