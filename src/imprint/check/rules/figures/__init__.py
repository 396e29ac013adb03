"""Rules of figures: captions, alternative texts and what is drawn."""
