SELECT year, topic, name, three_placements_two_years AS numerator, children_two_years AS denominator FROM stock_counts;
