digits=$(awk 'BEGIN { for (i = 0; i < 400; i++) printf "7" }')
sed "s/120,000/$digits/" template > tiers.attain
