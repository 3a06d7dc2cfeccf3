"""Pure text: strings in, strings and instants out."""
