"""How good an analyzer is: invented interviews with labels made by hand, and the figures that follow from them."""
