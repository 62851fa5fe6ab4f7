awk 'BEGIN { print "id,rep,amount,closed_on"; for (i = 0; i < 30000; i++) printf "e%05d,ana,%d,2026-01-%02d\n", i, i + 1, i % 28 + 1 }' > deals.csv
