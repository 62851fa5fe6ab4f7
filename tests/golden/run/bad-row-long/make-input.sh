printf 'id,name\nr1,Ana\n' > reps.csv
awk 'BEGIN { print "id,rep,amount,closed_on"
             for (i = 1; i <= 3; i++) { x = "x"; for (k = 0; k < 17; k++) x = x x; printf "d%d%s,r1,1x,2026-01-05\n", i, x }
             print "d4,r1,100,2026-01-05" }' > deals.csv
