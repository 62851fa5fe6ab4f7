cp tiers.attain deep.attain
awk 'BEGIN { printf "\npay deep = "; for (i = 0; i < 10000; i++) printf "("; printf "$1"; for (i = 0; i < 10000; i++) printf ")"; print "" }' >> deep.attain
