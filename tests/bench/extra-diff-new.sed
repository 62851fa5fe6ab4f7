s/from 50%:  7.5%/from 50%:  8%/
s/from 100%: 10%/from 100%: 11%/
s/from 150%: 12.25%/from 150%: 13%/
s/stage is "won"$/stage is "won" and product is not "training"/
s/= 2% split/= 1.75% split/
s/^pay commission on bookings = .*/pay commission on bookings = bookings through accelerator of quota + 0.1% of bookings/
