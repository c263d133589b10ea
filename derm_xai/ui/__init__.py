"""The page for a browser. Only this room imports Streamlit. Patients' data lives in the session and ends with it."""
