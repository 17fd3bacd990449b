"""Cases: opening, changing, answering and closing them; the inbox shows them."""
