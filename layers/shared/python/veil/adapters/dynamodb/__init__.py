"""The one table. Every condition that guards a credit or a photo stands in `ledger`."""
