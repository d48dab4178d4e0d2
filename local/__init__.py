"""The whole system on one machine: emulator, deployment, carrier, web origin, demo data. Never deployed."""
