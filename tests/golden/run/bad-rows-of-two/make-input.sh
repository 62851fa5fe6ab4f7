awk 'BEGIN { print "id,name\nr1,Ana\nr5,Ben" > "reps.csv"
             print "id,rep,amount,closed_on" > "deals.csv"
             for (i = 1; i <= 150000; i++) printf "d%d,r1,1x,2026-01-05\n", i > "deals.csv" }'
