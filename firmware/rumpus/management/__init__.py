"""DCMP over RMDP joined to the carriers, the appliance and the file system of a device."""
