"""The public photo sets as labelled cases, and the split that holds lesions and patients together."""
