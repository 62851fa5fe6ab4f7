awk 'BEGIN { print "id"; for (i = 1; i <= 40000; i++) printf "r%d\n", i }' > reps.csv
