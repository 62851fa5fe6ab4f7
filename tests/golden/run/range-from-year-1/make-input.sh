awk 'BEGIN { print "id,name"; for (i = 1; i <= 1000; i++) printf "r%d,Rep %d\n", i, i }' > reps.csv
