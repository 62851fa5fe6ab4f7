awk 'BEGIN { printf "id,rep,amount,closed_on"; for (i = 0; i < 99996; i++) printf ",c%d", i; printf "\nd1,ana,100,2026-02-03"; for (i = 0; i < 99996; i++) printf ",x"; print "" }' > deals.csv
