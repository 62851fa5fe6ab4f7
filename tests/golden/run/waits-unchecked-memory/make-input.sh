awk 'BEGIN { print "id"; for (i = 1; i <= 150000; i++) print "r" i }' > reps.csv
