"""The CloudFormation template: parameters, gateway, resources; rendered for AWS and for the local emulator."""
