import matplotlib.pyplot as plt

quarters = ['Q1', 'Q2', 'Q3', 'Q4']
sales = [120_500, 98_200, 143_800, 171_300]

figure, axes = plt.subplots(figsize=(8, 5))
bars = axes.bar(quarters, sales, color='#4c78a8')
axes.bar_label(bars, labels=[f'{value:,}' for value in sales], padding=3)
axes.set_title('Sales by quarter')
axes.set_xlabel('Quarter')
axes.set_ylabel('Sales')
axes.spines[['top', 'right']].set_visible(False)
axes.grid(axis='y', alpha=0.3)
axes.set_axisbelow(True)
figure.tight_layout()
