"""What the clinician wrote or ticked, as a ClinicalContext."""
