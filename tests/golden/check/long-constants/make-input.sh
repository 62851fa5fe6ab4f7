awk '{ print } /^measure/ { print "param p0 = 3"; for (i = 1; i <= 3000; i++) printf "param p%d = p%d * 3 / 7\n", i, i - 1 }' base.attain > long.attain
