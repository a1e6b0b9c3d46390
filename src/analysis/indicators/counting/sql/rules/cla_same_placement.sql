SELECT year, topic, name, same_carer AS numerator, long_in_care AS denominator FROM stock_counts;
