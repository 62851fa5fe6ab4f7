awk 'BEGIN { print "id,name,manager"; for (i = 1; i <= 100000; i++) printf "r%d,Rep %d,r%d\n", i, i, i + 1; print "zoe,Zoe,\nyan,Yan,zoe" }' > reps.csv
