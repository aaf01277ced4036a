total = 0
for number in range(1, 2_000_001):
    if number % 3 == 0 or number % 5 == 0:
        total += number
print(total)
