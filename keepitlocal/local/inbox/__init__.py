"""The local inbox: takes every email of the portal and shows it in a browser."""
