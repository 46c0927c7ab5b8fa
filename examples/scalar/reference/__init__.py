"""Both modules as the staff would write them."""
