"""The story of the demo: one scene for each appliance. Times are virtual."""

from .stage import Stage, StepFailed


async def play(stage: Stage) -> None:
    """Play all scenes; one that fails does not stop the next."""
    for scene in (heat_water, cool_a_room, leave_the_refrigerator_open, cook_and_open_the_door):
        stage.scene = scene.__name__.replace("_", " ")
        try:
            await scene(stage)
        except StepFailed:
            continue


async def heat_water(stage: Stage) -> None:
    it = "water_heater"
    await stage.control(it, "Switch on, 50 °C", power="on", mode="manual", target_temperature="50")
    await stage.until(it, "It heats", 1, lambda s: s["work_state"] == "heating")
    await stage.until(it, "The water reaches 40 °C", 120, lambda s: s["current_temperature"] >= 40)
    await stage.until(it, "It keeps warm at 50 °C", 120, _is_warm)
    await stage.refused(it, "Ask for 500 °C: refused", "above_range", target_temperature=5000)


def _is_warm(state: dict) -> bool:
    return state["work_state"] == "keep_warm" and state["current_temperature"] >= 48


async def cool_a_room(stage: Stage) -> None:
    it = "air_conditioner"
    stage.world(it, "A hot day: 35 °C outside", outdoor_mean=35.0)
    await stage.control(
        it, "Cool to 24 °C", power="on", mode="cool", target_temperature="24", fan_speed="high"
    )
    await stage.until(it, "The compressor starts after its rest", 10, lambda s: s["compressor"] is True)
    await stage.until(it, "The room is at 24.5 °C", 240, lambda s: s["indoor_temperature"] <= 24.5)


async def leave_the_refrigerator_open(stage: Stage) -> None:
    it = "refrigerator"
    await stage.until(it, "The fridge is below 8 °C", 600, lambda s: s["fridge_temp"] < 8)
    stage.world(it, "Somebody opens the door", fridge_door=True)
    await stage.until(it, "It sees the open door", 1, lambda s: "fridge" in s["doors"])
    await stage.alarm(it, "It complains", "+fridge_door", 15)
    stage.world(it, "The door is closed", fridge_door=False)
    await stage.alarm(it, "The alarm ends by itself", "-fridge_door", 5)


async def cook_and_open_the_door(stage: Stage) -> None:
    it = "microwave_oven"
    await stage.refused(
        it, "Start from afar without leave: refused", "remote_disabled", cook_time="60", operation="start"
    )
    stage.world(it, "Somebody presses the remote button", remote_button=True)
    await stage.until(it, "It may be started from afar", 1, lambda s: s["remote_enabled"] is True)
    stage.world(it, "and lets go of it", remote_button=False)
    await stage.control(
        it, "Cook for two minutes at 80 %", power_level="80", cook_time="120", operation="start"
    )
    await stage.until(it, "It cooks; half of it is done", 5, lambda s: s["time_left"] <= 60)
    stage.world(it, "The door is opened", door=True)
    await stage.until(it, "It pauses, and may not be started from afar", 1, _paused_and_locked)
    await stage.refused(it, "Resume with the door open: refused", "door_open", operation="start")
    stage.world(it, "The door is closed", door=False)
    await stage.until(it, "It sees the closed door and stays paused", 1, _closed_and_paused)
    stage.world(it, "The remote button again", remote_button=True)
    await stage.until(it, "It may be started again", 1, lambda s: s["remote_enabled"] is True)
    stage.world(it, "and lets go of it", remote_button=False)
    await stage.control(it, "Resume", operation="start")
    await stage.until(it, "It is done", 5, lambda s: s["work_state"] == "finished")
    await stage.alarm(it, "It says so", "+cooking_finished", 1)


def _paused_and_locked(state: dict) -> bool:
    return state["work_state"] == "paused" and state["door_open"] is True and state["remote_enabled"] is False


def _closed_and_paused(state: dict) -> bool:
    return state["door_open"] is False and state["work_state"] == "paused"
