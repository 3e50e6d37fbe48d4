"""The update mode: a start in which the device is nothing but somebody who takes an update.

boot.py has given every output its safe level, and here nobody has a pin in hand. There is no appliance, no
control loop, no RUMP; DCMP says who and what the device is, takes a bundle and applies it. So it needs half the
memory of a device that runs, and an update fits where it would not beside the appliance.

    start.py -> app.py (the loop) -> device.py (what DCMP answers) -> update/

It is ordered by APPLY Execute "update_mode" (update/orders.py), stands in the slot record (update/record.py), has
three starts (entry/main.py), and ends with an update, by APPLY Reboot, or by itself (update/tables/mode.py).
"""
