"""Rights: what people ask of us about themselves, from the day it comes in to the receipt."""
