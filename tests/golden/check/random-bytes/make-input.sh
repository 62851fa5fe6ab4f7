# A linear congruential generator, in octal escapes.
awk 'BEGIN { x = 12345; for (i = 0; i < 40000; i++) { x = (x * 1103515245 + 12345) % 2147483648; printf "\\%03o", int(x / 65536) % 256 } }' > escapes
printf "$(cat escapes)" > random.attain
