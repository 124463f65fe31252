"""What a service is, whatever it was read from and wherever it goes. Frozen values; no behaviour."""
