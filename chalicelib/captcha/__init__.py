"""The text of control: its characters, its picture and its sound."""
