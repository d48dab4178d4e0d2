"""Logical ids: as Chalice makes them, so that a merge meets the resource it means."""


def camel(name: str) -> str:
    """``send_sms`` -> ``SendSms``."""
    return "".join(word.capitalize() for word in name.split("_"))


def table_id(table: str) -> str:
    """``message_ids`` -> ``MessageIdsTable``; takes the names of ``platform.settings.TABLES``."""
    return f"{camel(table)}Table"


def queue_id(queue: str) -> str:
    """``sms_followup`` -> ``SmsFollowupQueue``; takes the values of ``platform.queues.QueueName``."""
    return f"{camel(queue)}Queue"


def dead_letters_id(name: str) -> str:
    """Of a queue, or of a function that no queue stands before."""
    return f"{camel(name)}DeadLetters"


def function_id(name: str) -> str:
    return "APIHandler" if name == "api" else camel(name)


def role_id(name: str) -> str:
    return "ApiHandlerRole" if name == "api" else f"{camel(name)}Role"


def log_id(name: str) -> str:
    return f"{camel(name)}Log"
