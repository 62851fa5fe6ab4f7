digits=$(awk 'BEGIN { for (i = 0; i < 400; i++) printf "7" }')
printf 'id,rep,amount,closed_on\nd1,ana,%s,2026-02-03\nd2,bob,10,2026-02-03\n' "$digits" > deals.csv
