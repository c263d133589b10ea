"""An Assessment as words, rows and pictures. Knows no Streamlit, so that a page, a PDF and a test read the same."""
