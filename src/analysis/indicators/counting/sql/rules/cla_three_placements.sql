SELECT year, topic, name, three_placements AS numerator, children AS denominator FROM stock_counts;
