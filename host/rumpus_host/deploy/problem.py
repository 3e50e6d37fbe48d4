"""What may go wrong between a PC and a board, as sentences."""


class DeployError(Exception):
    """code: a word for programs, see CODES. message: what happened and why. next: what to do now."""

    def __init__(self, code: str, message: str, next: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.next = next


# Who has to do something: the person at the keyboard ("use"), somebody at the cable ("reach"), or the device,
# which is there and will not do ("refused").
CODES = {
    "no_port": "reach",
    "which_port": "use",
    "busy_port": "reach",
    "port_not_allowed": "reach",
    "no_repl": "reach",
    "no_loader": "reach",
    "lost": "reach",
    "no_answer": "reach",
    "not_micropython": "refused",
    "wrong_chip": "refused",
    "old_interpreter": "refused",
    "full": "refused",
    "no_romfs": "refused",
    "bad_write": "refused",
    "device_fails": "refused",
    "wifi_password": "refused",
    "wifi_not_found": "refused",
    "wifi_failed": "refused",
    "esptool": "refused",
    "no_esptool": "use",
    "no_image": "use",
    "wrong_image": "use",
    "wrong_board": "use",
    "wiring_refused": "refused",
    "not_provisioned": "use",
    "bad_value": "use",
    "key_file": "use",
    "no_drive": "use",
}
