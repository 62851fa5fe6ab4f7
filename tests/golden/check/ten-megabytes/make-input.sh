cp tiers.attain big.attain
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "# a line of a comment that says nothing, number %d, and goes on for a while to fill the file\n", i; for (i = 0; i < 50000; i++) printf "param p%d = %d%%\n", i, i }' >> big.attain
