"""The Performance page's sections, tables, charts and sentences: all from one Evaluation."""
