"""The carrier: plays every outside party of a local stack.

It takes SMS as Amazon SNS and AWS End User Messaging, calls as the latter and e-mail as Amazon SES v2, keeps phones and
inboxes, gives delivery receipts in AWS's shapes, answers as a neighbour, fails on demand, and stands in for the
geocoder and the identity provider's keys.
"""
