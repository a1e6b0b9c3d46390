SELECT year, topic, name, children AS value FROM stock_counts;
