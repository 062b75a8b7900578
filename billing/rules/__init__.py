"""Rules of money: pure, without Django; each says what it decided and why."""
