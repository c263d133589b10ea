"""Streamlit's own command, kept from asking the internet for this machine's address.

For a request from another site's page Streamlit compares the page's address with this machine's outer one, and asks a service
on the internet for it. Such a request is refused all the same; nothing has to be asked.
"""

from streamlit import net_util
from streamlit.web.cli import main

if __name__ == "__main__":
    net_util._external_ip = net_util._internal_ip = "127.0.0.1"
    main(prog_name="streamlit")
