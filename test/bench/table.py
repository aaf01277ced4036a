import numpy as np
import pandas as pd

rows = 200_000
random = np.random.default_rng(7)
written = pd.DataFrame(
    {
        'region': random.choice(['north', 'south', 'east', 'west'], rows),
        'product': random.integers(0, 500, rows),
        'amount': random.normal(100, 25, rows).round(2),
    }
)
written.to_csv('sales.csv', index=False)
read = pd.read_csv('sales.csv')
grouped = read.groupby(['region', 'product'])['amount'].agg(['sum', 'mean', 'count'])
print(len(read), int(grouped['count'].sum()))
